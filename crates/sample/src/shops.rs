//! Copies of the bookshop, one for each value of [`crate::SHOP_HEADER`], so that tenants do not meet in it.

use std::collections::VecDeque;

use parking_lot::Mutex;

use crate::shop::Shop;

/// Copies that are kept; the one that was not used for the longest makes way for a new one.
const MOST: usize = 64;
/// Most characters of a header that tell copies apart.
const MAX_KEY: usize = 64;

/// All copies, the last used one at the end.
#[derive(Default)]
pub(crate) struct Shops(Mutex<VecDeque<(String, Shop)>>);

impl Shops {
    /// Works with the copy of `key`, which begins fresh.
    pub(crate) fn with<T>(&self, key: &str, work: impl FnOnce(&mut Shop) -> T) -> T {
        let key: String = key.chars().take(MAX_KEY).collect();
        let mut shops = self.0.lock();
        let known = shops.iter().position(|(known, _)| *known == key).and_then(|at| shops.remove(at));
        let (key, mut shop) = known.unwrap_or_else(|| (key, Shop::new()));
        let done = work(&mut shop);
        if shops.len() >= MOST {
            shops.pop_front();
        }
        shops.push_back((key, shop));
        done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_does_to_its_shop_another_does_not_see_and_memory_stays_bounded() {
        let shops = Shops::default();
        shops.with("a", |shop| shop.delete_customer("c-102").unwrap());
        assert!(shops.with("a", |shop| shop.customer("c-102").is_err()));
        assert!(shops.with("b", |shop| shop.customer("c-102").is_ok()));
        for n in 0..200 {
            shops.with(&n.to_string(), |_| ());
        }
        assert_eq!(shops.0.lock().len(), MOST);
        assert!(shops.with("a", |shop| shop.customer("c-102").is_ok()), "forgotten, so it is fresh again");
    }
}
