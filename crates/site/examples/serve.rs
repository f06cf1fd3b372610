//! Serves the public pages alone, to look at them while they are being changed: `cargo run -p site --example serve`.

use std::net::Ipv4Addr;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 8099)).await?;
    let public_url = url::Url::parse("http://127.0.0.1:8099").map_err(std::io::Error::other)?;
    eprintln!("{public_url}");
    axum::serve(listener, site::router(&public_url)).await
}
