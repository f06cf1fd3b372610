//! Serves the public pages alone, over a database whose address is in `DATABASE_URL`, to look at them while they are being changed:
//! `DATABASE_URL=postgres://… cargo run -p site --example serve`.

use std::net::{Ipv4Addr, SocketAddr};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let database =
        std::env::var("DATABASE_URL").map_err(|_| std::io::Error::other("DATABASE_URL names no database"))?;
    let store = store::Store::connect(&database, 4).await.map_err(std::io::Error::other)?;
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 8099)).await?;
    let public_url = url::Url::parse("http://127.0.0.1:8099").map_err(std::io::Error::other)?;
    eprintln!("{public_url}");
    let pages = site::router(&public_url, store, None).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, pages).await
}
