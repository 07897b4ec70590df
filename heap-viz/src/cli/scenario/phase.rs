//! Sections `[[phase]]`.

use super::super::nearest::did_you_mean;
use super::super::toml_file::Mistake;
use super::keys::Measure;
use super::law;
use super::object::Object;
use super::table::Table;
use super::value::Value;
use workloads::scenario::{Activity, Idle, Lifetime, Phase, Weighted};

/// Reads the phase with this number, from 1.
pub(super) fn phase(
    table: &Table<'_>,
    number: usize,
    objects: &[Object],
    time: Measure,
) -> Result<Phase, Mistake> {
    Ok(Phase {
        name: table.get("name").map_or(Ok(number.to_string()), |name| name.text().map(str::to_owned))?,
        length: table.time("length", time)?,
        repeat: table.whole("repeat")? as u32,
        ramp: table.number("ramp")?,
        activity: Activity {
            classes: classes(table, objects)?,
            lifetimes: lifetimes(table, objects, time)?,
            stores: table.number("stores")?,
            old_to_young: table.number("old_to_young")?,
            reads: table.number("reads")?,
        },
        idle: idle(table, time)?,
    })
}

/// Which classes objects are made of: those that `shares` names, or all.
fn classes(table: &Table<'_>, objects: &[Object]) -> Result<Weighted<usize>, Mistake> {
    let Some(shares) = table.get("shares") else {
        let all = objects.iter().enumerate().map(|(class, object)| (object.share, class));
        return Weighted::new(all).ok_or_else(|| table.mistake("the shares of all objects are 0".into()));
    };
    let mut chosen = Vec::new();
    for (name, at, share) in shares.entries()? {
        chosen.push((share.number((0.0, 1e9))?, index(objects, name, at)?));
    }
    law::weighted(&shares, chosen)
}

/// How long objects of each class live: those that `lifetimes` names as it says, others as always.
fn lifetimes(
    table: &Table<'_>,
    objects: &[Object],
    time: Measure,
) -> Result<Vec<Weighted<Lifetime>>, Mistake> {
    let mut lifetimes: Vec<_> = objects.iter().map(|object| object.class.lifetime.clone()).collect();
    for (name, at, value) in table.get("lifetimes").map_or(Ok(Vec::new()), |value| value.entries())? {
        lifetimes[index(objects, name, at)?] = law::lifetime(&value, time)?;
    }
    Ok(lifetimes)
}

fn index(objects: &[Object], name: &str, at: usize) -> Result<usize, Mistake> {
    objects.iter().position(|object| object.class.name == name).ok_or_else(|| {
        let names: Vec<_> = objects.iter().map(|object| &*object.class.name).collect();
        let tip = Some(did_you_mean(name, &names, "the objects"));
        Mistake { at, problem: format!("there is no object called `{name}`"), tip }
    })
}

fn idle(table: &Table<'_>, time: Measure) -> Result<Option<Idle>, Mistake> {
    let every = |every: Option<Value<'_>>| every.map(|_| table.time("idle_every", time)).transpose();
    let Some(idle) = table.get("idle") else {
        table.refuse("idle_every", "has no meaning without `idle`")?;
        return Ok(None);
    };
    Ok(Some(Idle { time: idle.duration()?, every: every(table.get("idle_every"))? }))
}
