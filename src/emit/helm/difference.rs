//! What one tree of values must say to turn another into it, by Helm's rules: maps are merged, lists are replaced,
//! `null` removes a key.

use serde_json::{Map, Value};

pub fn between(base: &Map<String, Value>, there: &Map<String, Value>) -> Map<String, Value> {
    let removed = base.keys().filter(|key| !there.contains_key(*key)).map(|key| (key.clone(), Value::Null));
    let changed = there.iter().filter_map(|(key, value)| Some((key.clone(), change(base.get(key), value)?)));
    changed.chain(removed).collect()
}

fn change(base: Option<&Value>, there: &Value) -> Option<Value> {
    match (base, there) {
        (Some(Value::Object(base)), Value::Object(there)) => {
            let inner = between(base, there);
            (!inner.is_empty()).then_some(Value::Object(inner))
        }
        (Some(base), there) => (base != there).then(|| there.clone()),
        (None, there) => Some(there.clone()),
    }
}
