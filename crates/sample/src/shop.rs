//! The made-up bookshop: customers, orders and what can be done to them. Nothing grows without bound, whatever is called.

use serde::Serialize;
use serde_json::{Value, json};

/// Somebody who bought something.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Customer {
    id: &'static str,
    name: &'static str,
    town: &'static str,
    since: &'static str,
}

/// Something that was bought.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Order {
    id: &'static str,
    customer: &'static str,
    book: &'static str,
    status: String,
    /// Money in cents, so that sums are exact.
    #[serde(serialize_with = "euros")]
    paid: i64,
    #[serde(serialize_with = "euros")]
    refunded: i64,
}

/// One copy of the shop.
pub(crate) struct Shop {
    customers: Vec<Customer>,
    orders: Vec<Order>,
    tills: [bool; 3],
}

const CUSTOMERS: [(&str, &str, &str, &str); 4] = [
    ("c-101", "Ada Lindqvist", "Uppsala", "2023-02-11"),
    ("c-102", "Bruno Okafor", "Enugu", "2024-06-30"),
    ("c-103", "Chiara Monti", "Siena", "2024-11-02"),
    ("c-104", "Dev Anand Rao", "Mysuru", "2025-08-19"),
];

/// The last field is what was paid, in cents.
const ORDERS: [(&str, &str, &str, &str, i64); 6] = [
    ("o-1001", "c-101", "A Field Guide to Lighthouses", "shipped", 3_400),
    ("o-1002", "c-102", "Bread for Beginners", "paid", 1_850),
    ("o-1003", "c-102", "The Patient Gardener", "packed", 4_200),
    ("o-1004", "c-103", "Maps of Places That Moved", "shipped", 12_900),
    ("o-1005", "c-104", "Small Engines", "paid", 2_790),
    ("o-1006", "c-101", "Nine Short Rivers", "paid", 64_000),
];

/// Why the shop does not do something; the text is for the agent.
pub(crate) type Refused = String;

impl Shop {
    /// As it opens.
    pub(crate) fn new() -> Self {
        let customers = CUSTOMERS.map(|(id, name, town, since)| Customer { id, name, town, since });
        let orders = ORDERS.map(|(id, customer, book, status, paid)| Order {
            id,
            customer,
            book,
            status: status.to_owned(),
            paid,
            refunded: 0,
        });
        Self { customers: customers.into(), orders: orders.into(), tills: [true; 3] }
    }

    /// Orders, newest first, of one customer or status where they are given.
    pub(crate) fn orders(&self, customer: Option<&str>, status: Option<&str>) -> Vec<&Order> {
        let fits = |order: &&Order| {
            customer.is_none_or(|id| order.customer == id)
                && status.is_none_or(|status| order.status == status)
        };
        self.orders.iter().rev().filter(fits).collect()
    }

    /// One customer.
    pub(crate) fn customer(&self, id: &str) -> Result<&Customer, Refused> {
        self.customers
            .iter()
            .find(|customer| customer.id == id)
            .ok_or_else(|| format!("There is no customer {id:?}. Known are c-101 to c-104."))
    }

    /// Sets an order's status.
    pub(crate) fn set_status(&mut self, id: &str, status: &str) -> Result<&Order, Refused> {
        if !["paid", "packed", "shipped"].contains(&status) {
            return Err(format!("{status:?} is no status to set. Use paid, packed or shipped."));
        }
        let order = self.order(id)?;
        status.clone_into(&mut order.status);
        Ok(order)
    }

    /// Pays money back, never more than was paid.
    pub(crate) fn refund(&mut self, id: &str, euros: f64) -> Result<&Order, Refused> {
        let order = self.order(id)?;
        let left = order.paid - order.refunded;
        let cents = cents(euros).ok_or("The amount has to be above 0, in euros and whole cents.")?;
        if cents > left {
            return Err(format!("At most {} euros of {id} can be paid back.", shown(left)));
        }
        order.refunded += cents;
        if order.refunded == order.paid {
            "refunded".clone_into(&mut order.status);
        }
        Ok(order)
    }

    /// Deletes a customer with all orders; gives the number of orders.
    pub(crate) fn delete_customer(&mut self, id: &str) -> Result<usize, Refused> {
        self.customer(id)?;
        let before = self.orders.len();
        self.customers.retain(|customer| customer.id != id);
        self.orders.retain(|order| order.customer != id);
        Ok(before - self.orders.len())
    }

    /// What a maintenance script prints.
    pub(crate) fn run(&self, script: &str) -> Result<Value, Refused> {
        match script {
            "count_stock" => Ok(
                json!({ "script": script, "output": format!("{} books in 3 rooms", 2000 - self.orders.len()) }),
            ),
            "rebuild_search" => Ok(json!({ "script": script, "output": "indexed 2000 books in 0.4 s" })),
            other => Err(format!("There is no script {other:?}. Use count_stock or rebuild_search.")),
        }
    }

    /// Ends the session of a till; says whether one was open.
    pub(crate) fn close_till(&mut self, number: usize) -> Result<bool, Refused> {
        let open = number.checked_sub(1).and_then(|at| self.tills.get_mut(at));
        let open = open.ok_or_else(|| format!("There is no till {number}. Use 1, 2 or 3."))?;
        Ok(std::mem::replace(open, false))
    }

    fn order(&mut self, id: &str) -> Result<&mut Order, Refused> {
        self.orders
            .iter_mut()
            .find(|order| order.id == id)
            .ok_or_else(|| format!("There is no order {id:?}. search_orders lists all."))
    }
}

/// Euros as whole cents; `None` for what is none or not above zero.
fn cents(euros: f64) -> Option<i64> {
    const MOST: f64 = 1e9;
    let cents = euros * 100.0;
    let whole = cents.round();
    let fits = cents.is_finite() && (1.0..=MOST).contains(&whole) && (cents - whole).abs() < 1e-6;
    #[expect(clippy::cast_possible_truncation, reason = "whole and within bounds, as checked")]
    fits.then_some(whole as i64)
}

fn shown(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that serde asks for")]
fn euros<S: serde::Serializer>(cents: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&shown(*cents))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_paid_back_than_was_paid_and_cents_are_exact() {
        let mut shop = Shop::new();
        shop.refund("o-1002", 18.49).unwrap();
        assert!(shop.refund("o-1002", 0.02).unwrap_err().contains("At most 0.01 euros"));
        assert_eq!(shop.refund("o-1002", 0.01).unwrap().status, "refunded");
        for odd in [0.0, -1.0, 0.001, f64::NAN, f64::INFINITY, 1e300] {
            assert!(shop.refund("o-1001", odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn a_deleted_customer_takes_the_orders_along() {
        let mut shop = Shop::new();
        assert_eq!(shop.delete_customer("c-102").unwrap(), 2);
        assert!(shop.orders(Some("c-102"), None).is_empty() && shop.delete_customer("c-102").is_err());
        assert_eq!(shop.orders(None, Some("paid")).len(), 2);
    }
}
