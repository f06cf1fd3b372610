//! What reading a request and filtering a list cost, per message.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use mcp::list::{self, ListKind};
use mcp::sse::Framer;
use mcp::{Era, decode};

/// The smallest realistic call, 133 bytes.
const SMALL: &str = concat!(
    r#"{"jsonrpc":"2.0","id":42,"method":"tools/call","params":{"name":"get_price","#,
    r#""arguments":{"symbol":"BTCUSDT","limit":100,"side":"B"}}}"#,
);

/// A call whose arguments bring it to about 2.3 KB: prose, a list of objects, numbers.
fn large() -> String {
    let rows: Vec<_> = (0..20)
        .map(|row| format!(r#"{{"id":{row},"symbol":"ETHUSDT","price":{row}.25,"note":"line {row}\nend"}}"#))
        .collect();
    let prose = "A customer asked for a refund of the last order. ".repeat(18);
    format!(
        r#"{{"jsonrpc":"2.0","id":"c2f0","method":"tools/call","params":{{"name":"submit","arguments":{{"text":"{prose}","rows":[{}]}}}}}}"#,
        rows.join(",")
    )
}

/// The answer to `tools/list` of a server with 150 tools, about 79 KB.
fn tools() -> String {
    let tools: Vec<_> = (0..150)
        .map(|tool| {
            let description = "Places, changes or cancels an order on the exchange and answers its state. ".repeat(3);
            format!(
                r#"{{"name":"tool_{tool}","description":"{description}","inputSchema":{{"type":"object","properties":{{"symbol":{{"type":"string","description":"Trading pair"}},"quantity":{{"type":"number","minimum":0}},"side":{{"enum":["BUY","SELL"]}}}},"required":["symbol","quantity"]}},"annotations":{{"readOnlyHint":false}}}}"#
            )
        })
        .collect();
    format!(r#"{{"jsonrpc":"2.0","id":1,"result":{{"tools":[{}]}}}}"#, tools.join(","))
}

fn messages(criterion: &mut Criterion) {
    assert_eq!(SMALL.len(), 133);
    let (large, tools) = (large(), tools());
    let event = format!("event: message\ndata: {tools}\n\n");
    criterion.bench_function("decode 133 B", |bench| bench.iter(|| decode(black_box(SMALL.as_bytes()))));
    criterion.bench_function(&format!("decode {} B", large.len()), |bench| {
        bench.iter(|| decode(black_box(large.as_bytes())));
    });
    criterion.bench_function(&format!("filter {} B, half hidden", tools.len()), |bench| {
        bench.iter(|| {
            let mut odd = false;
            list::filter(black_box(tools.as_bytes()), ListKind::Tools, Era::Legacy, |_| {
                odd = !odd;
                odd
            })
        });
    });
    criterion.bench_function(&format!("frame {} B in 16 KiB chunks", event.len()), |bench| {
        bench.iter(|| {
            let mut framer = Framer::new(1 << 20);
            event.as_bytes().chunks(16_384).for_each(|chunk| framer.push(black_box(chunk)));
            framer.next_frame()
        });
    });
}

criterion_group!(benches, messages);
criterion_main!(benches);
