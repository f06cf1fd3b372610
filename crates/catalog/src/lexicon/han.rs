//! Verbs of descriptions in Chinese and Japanese, which are written without gaps between words.

use policy::Category;

/// How far into a description a verb is looked for, in bytes.
const READ_BYTES: usize = 120;

const VERBS: &[(Category, &[&str])] = &[
    (Category::Financial, &["转账", "支付", "提现", "付款", "购买", "下单", "送金", "支払", "購入"]),
    (Category::Destructive, &["删除", "移除", "清空", "销毁", "卸载", "刪除", "削除", "消去"]),
    (Category::Execute, &["执行", "运行", "启动", "停止", "调用", "重启", "部署", "執行", "実行", "起動"]),
    (
        Category::Write,
        &[
            "创建", "新建", "添加", "更新", "修改", "设置", "上传", "发送", "编辑", "写入", "保存", "发布",
            "提交", "建立", "新增", "作成", "追加", "変更", "送信", "登録", "編集",
        ],
    ),
    (
        Category::Read,
        &[
            "获取", "查询", "列出", "搜索", "读取", "查看", "分析", "检查", "返回", "计算", "取得", "搜尋",
            "查詢", "检索", "検索", "一覧", "計算", "確認",
        ],
    ),
];

/// The worst verb near the start of a text that is not in Latin letters, and where it stands.
pub(crate) fn verb(text: &str) -> Option<(Category, usize, usize)> {
    let start = text.get(..text.floor_char_boundary(READ_BYTES))?;
    if start.trim_start().starts_with(|letter: char| letter.is_ascii_alphabetic()) {
        return None;
    }
    let mut verbs =
        VERBS.iter().flat_map(|(category, verbs)| verbs.iter().map(move |verb| (*category, verb)));
    verbs.find_map(|(category, verb)| start.find(verb).map(|at| (category, at, at + verb.len())))
}
