//! Serves the public pages alone, to look at them while they are being changed: `cargo run -p site --example serve`.

use std::net::Ipv4Addr;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 8099)).await?;
    let public_url = format!("http://{}", listener.local_addr()?);
    eprintln!("{public_url}");
    axum::serve(listener, site::router(site::Site { public_url })).await
}
