//! `tenure explain`.

use super::args::ExplainArgs;
use super::console::Console;
use super::failure::Failure;
use super::page::Page;
use super::script::{Lecture, Source};
use super::stdout::Stdout;
use heap_viz::picture::FilmStep;
use heap_viz::screen::draw_step;
use std::io::{self, IsTerminal};

/// Explains a script: on a page, or step by step in the terminal, or why an object is where it is.
pub(crate) fn explain(args: &ExplainArgs, stdout: &mut Stdout) -> Result<(), Failure> {
    let mut source = Source::read(&args.file)?;
    if let Some(name) = &args.why {
        source.ask_why(name);
    }
    let is_page = args.why.is_none() && !args.text && !args.plain;
    let page = is_page.then(|| Page::start(&args.output)).transpose()?;
    let mut lecture = Lecture::of(&source);
    let done = source.run(&mut lecture);
    // What has happened before a failure is what the reader wants to see.
    match page {
        Some(page) => lecture.write_film(page)?,
        None if args.why.is_some() => stdout.print(lecture.answers())?,
        None => step_through(&lecture.steps()?, args.plain, stdout)?,
    }
    done.map(drop).map_err(|problem| source.failure(problem))
}

/// Shows steps one by one, or where nobody could ask for the next one, all at once.
fn step_through(steps: &[FilmStep], is_plain: bool, stdout: &mut Stdout) -> Result<(), Failure> {
    if is_plain || !io::stdout().is_terminal() {
        return steps.iter().try_for_each(|step| stdout.print(&text(step)));
    }
    show(steps, &mut Console::open()?)
}

/// A step, with a line below it.
fn text(step: &FilmStep) -> String {
    let picture: String =
        step.picture.iter().map(|line| format!("  {}\n", line.to_string().trim_end())).collect();
    let above = [&step.title, &step.text].into_iter().filter(|text| !text.is_empty());
    let above: String = above.map(|text| format!("{text}\n")).collect();
    let below = if step.sentence.is_empty() { String::new() } else { format!("{}\n", step.sentence) };
    format!("{above}{picture}{below}\n")
}

fn show(steps: &[FilmStep], console: &mut Console) -> Result<(), Failure> {
    let mut index = 0;
    while let Some(step) = steps.get(index) {
        console.draw(|palette, frame| draw_step(step, index + 1, steps.len(), palette, frame))?;
        for key in console.next_keys() {
            match key {
                ' ' | 'n' => index = (index + 1).min(steps.len() - 1),
                'b' => index = index.saturating_sub(1),
                'q' => return Ok(()),
                _ => {}
            }
        }
    }
    Ok(())
}
