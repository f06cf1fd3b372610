//! Money: which objects make an ordinary verb one that moves or commits it.

use crate::text::{Text, Word};

/// What is worth something and moves.
const VALUE: &[&str] = &[
    "token",
    "tokens",
    "coin",
    "coins",
    "crypto",
    "cryptocurrency",
    "fund",
    "funds",
    "money",
    "eth",
    "ether",
    "btc",
    "bitcoin",
    "sol",
    "bnb",
    "usdt",
    "usdc",
    "usd",
    "eur",
    "matic",
    "xrp",
    "nft",
    "nfts",
    "erc20",
    "erc721",
    "erc1155",
    "bep20",
    "spl",
    "trc20",
    "native",
    "asset",
    "assets",
    "loan",
    "collateral",
    "margin",
    "liquidity",
    "balance",
    "cash",
    "dollars",
    "sats",
    "satoshis",
    "lightning",
    "dividend",
    "stablecoin",
    "yield",
    "vault",
    "pool",
    "staking",
    "wallet",
    "subaccount",
    "currency",
    "gas",
    "allowance",
];
/// What commits somebody to pay, or pays.
const PAYMENT: &[&str] = &[
    "payment",
    "payments",
    "payout",
    "payouts",
    "refund",
    "refunds",
    "invoice",
    "invoices",
    "charge",
    "charges",
    "paymentintent",
    "paymentintents",
    "withdrawal",
    "withdrawals",
    "donation",
    "purchase",
    "loan",
    "deposit",
];
/// What a market takes.
const TRADE: &[&str] =
    &["order", "orders", "trade", "trades", "position", "positions", "algo", "oco", "conversion", "gift"];
/// What money is put into.
const PLACED: &[&str] = &["earn", "investment", "investments", "staking"];
/// Signs that an order is a market's.
const MARKET: &[&str] = &[
    "futures",
    "spot",
    "margin",
    "trading",
    "exchange",
    "limit",
    "market",
    "binance",
    "dex",
    "perpetual",
    "stock",
    "stocks",
    "equity",
    "option",
    "options",
    "broker",
    "symbol",
    "buy",
    "sell",
    "oco",
    "twap",
    "vp",
    "crypto",
    "leverage",
    "portfolio",
    "shares",
    "robinhood",
    "alpaca",
    "coinbase",
    "kraken",
    "uniswap",
];
/// Signs that a transaction is a ledger's and not a database's.
const LEDGER: &[&str] = &[
    "blockchain",
    "chain",
    "onchain",
    "evm",
    "eth",
    "ethereum",
    "solana",
    "bitcoin",
    "btc",
    "wallet",
    "crypto",
    "token",
    "defi",
    "rpc",
    "polygon",
    "arbitrum",
    "aptos",
    "sui",
    "cosmos",
    "xrp",
    "ripple",
    "raw",
    "signed",
    "web3",
    "mempool",
    "contract",
    "calldata",
    "binance",
    "bsc",
    "near",
    "starknet",
    "xrpl",
];
/// What is booked and then has to be paid.
const BOOKED: &[&str] = &[
    "transfer",
    "flight",
    "flights",
    "hotel",
    "room",
    "ride",
    "ticket",
    "tickets",
    "taxi",
    "trip",
    "travel",
    "tour",
    "car",
    "pickup",
    "accommodation",
    "stay",
    "passage",
    "limo",
];
/// Who moves money for a living.
const PROVIDERS: &[&str] = &[
    "stripe",
    "paypal",
    "chargebee",
    "adyen",
    "braintree",
    "razorpay",
    "paddle",
    "mollie",
    "square",
    "billing",
    "payments",
    "payment",
    "checkout",
    "recurly",
    "xendit",
    "mercadopago",
    "klarna",
    "fewsats",
];
/// What a payment provider's records are of.
const RECORDS: &[&str] = &[
    "invoice",
    "invoices",
    "refund",
    "refunds",
    "payment",
    "payments",
    "paymentintents",
    "charge",
    "charges",
    "payout",
    "payouts",
    "subscription",
    "subscriptions",
];

/// Words of one text.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'t> {
    pub(crate) text: &'t Text<'t>,
    pub(crate) words: &'t [Word],
}

impl Scene<'_> {
    fn any(&self, table: &[&str]) -> bool {
        self.words.iter().any(|word| table.contains(&self.text.word(*word)))
    }

    /// The first word that the table knows.
    fn first(&self, table: &[&str]) -> Option<Word> {
        self.words.iter().copied().find(|word| table.contains(&self.text.word(*word)))
    }
}

/// What else is known when money is asked about: all words of name, first sentences and server.
pub(crate) struct Setting<'t> {
    pub(crate) scenes: [Scene<'t>; 3],
}

impl Setting<'_> {
    fn any(&self, table: &[&str]) -> bool {
        self.scenes.iter().any(|scene| scene.any(table))
    }

    /// Whether the server is one that moves money for others.
    pub(crate) fn provider(&self) -> bool {
        let server = self.scenes.last().map(|server| server.text.lower()).unwrap_or_default();
        server.split(|letter: char| !letter.is_ascii_alphanumeric()).any(|word| PROVIDERS.contains(&word))
    }
}

/// The word among a verb's object that makes it move money; `None` when it does not.
pub(crate) fn moves(verb: &str, object: Scene<'_>, setting: &Setting<'_>) -> Option<Word> {
    match verb {
        "transfer" | "swap" | "stake" | "deposit" | "lend" | "bridge" | "mint" | "burn" | "wrap"
        | "unwrap" | "supply" | "claim" | "airdrop" | "invest" => {
            let named = object.first(VALUE).or_else(|| object.first(PAYMENT));
            named.or_else(|| {
                object.words.first().copied().filter(|_| setting.any(VALUE) || setting.any(LEDGER))
            })
        }
        "trade" => object.words.first().copied().filter(|_| setting.any(MARKET) || setting.any(VALUE)),
        "subscribe" => object.first(VALUE).or_else(|| object.first(PLACED)).filter(|_| setting.any(MARKET)),
        "renew" => object.first(&["loan"]).or_else(|| commits(verb, object, setting)),
        "charge" | "payout" | "tip" | "bid" => object.words.first().copied(),
        "create" | "generate" | "send" | "submit" | "process" | "issue" | "request" | "execute" | "make"
        | "initiate" | "capture" | "finalize" | "confirm" | "approve" | "authorize" | "sign"
        | "broadcast" | "place" | "new" | "apply" | "add" | "cancel" | "open" | "close" | "modify"
        | "post" => commits(verb, object, setting),
        "book" | "reserve" => object.first(BOOKED),
        _ => None,
    }
}

fn commits(verb: &str, object: Scene<'_>, setting: &Setting<'_>) -> Option<Word> {
    // What is merely added to, changed or called off is no payment, but what a market holds is.
    let pays = !matches!(verb, "add" | "renew" | "cancel" | "open" | "close" | "modify" | "post");
    if pays && let Some(word) = object.first(PAYMENT) {
        return Some(word);
    }
    // Asking what it would cost, or for a text about it, is not yet paying.
    if object.first(&["quote", "quotes", "estimate", "sdk", "snippet", "report", "summary"]).is_some() {
        return None;
    }
    // `open_orders` are those that are open.
    let held: &[&str] = if verb == "open" { &["position", "trade"] } else { TRADE };
    if let Some(word) = object.first(held)
        && (verb == "place" || (verb != "add" && setting.any(MARKET)))
    {
        return Some(word);
    }
    if matches!(verb, "approve" | "send" | "request") {
        let value = object.first(VALUE);
        if value.is_some() && (setting.any(LEDGER) || verb != "request") {
            return value;
        }
    }
    let signs = matches!(verb, "send" | "sign" | "broadcast" | "submit" | "execute");
    object.first(&["transaction", "transactions", "tx", "userop"]).filter(|_| signs && setting.any(LEDGER))
}

/// The word that makes a question one about a payment provider's records, at such a provider.
pub(crate) fn record(object: Scene<'_>, setting: &Setting<'_>) -> Option<Word> {
    object.first(RECORDS).filter(|_| setting.provider())
}
