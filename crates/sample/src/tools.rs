//! The tools: their definitions, and what a call does.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::shop::{Refused, Shop};

/// The array of definitions, as `tools/list` gives it.
pub(crate) const DEFINITIONS: &str = include_str!("../assets/tools.json");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Search {
    customer: Option<String>,
    status: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfCustomer {
    customer: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Update {
    order: String,
    status: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Refund {
    order: String,
    amount: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Run {
    script: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Till {
    till: usize,
}

/// Calls a tool; `None` when there is none of that name.
pub(crate) fn call(shop: &mut Shop, name: &str, arguments: &str) -> Option<Result<Value, Refused>> {
    Some(match name {
        "search_orders" => read(arguments).map(|asked: Search| {
            json!({ "orders": shop.orders(asked.customer.as_deref(), asked.status.as_deref()) })
        }),
        "get_customer" => {
            read(arguments).and_then(|asked: OfCustomer| Ok(json!(shop.customer(&asked.customer)?)))
        }
        "update_order" => {
            read(arguments).and_then(|asked: Update| Ok(json!(shop.set_status(&asked.order, &asked.status)?)))
        }
        "run_script" => read(arguments).and_then(|asked: Run| shop.run(&asked.script)),
        "delete_customer" => read(arguments).and_then(|asked: OfCustomer| {
            let orders = shop.delete_customer(&asked.customer)?;
            Ok(json!({ "deleted": asked.customer, "orders": orders }))
        }),
        "create_refund" => {
            read(arguments).and_then(|asked: Refund| Ok(json!(shop.refund(&asked.order, asked.amount)?)))
        }
        "close_till_session" => read(arguments).and_then(|asked: Till| {
            let was_open = shop.close_till(asked.till)?;
            Ok(json!({ "till": asked.till, "was_open": was_open }))
        }),
        _ => return None,
    })
}

fn read<T: DeserializeOwned>(arguments: &str) -> Result<T, Refused> {
    serde_json::from_str(arguments).map_err(|error| format!("The arguments do not fit: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tool_that_is_listed_can_be_called_and_says_what_does_not_fit() {
        let tools: Vec<Value> = serde_json::from_str(DEFINITIONS).unwrap();
        let mut shop = Shop::new();
        for tool in &tools {
            let odd = call(&mut shop, tool["name"].as_str().unwrap(), r#"{"odd": 1}"#).unwrap();
            assert!(odd.unwrap_err().contains("odd"), "{tool}");
        }
        assert!(call(&mut shop, "drop_tables", "{}").is_none());
        let found = call(&mut shop, "search_orders", r#"{"customer": "c-103"}"#).unwrap().unwrap();
        assert_eq!(found["orders"][0]["paid"], "129.00");
    }
}
