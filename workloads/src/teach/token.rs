//! Scripts cut into tokens.

use super::{Place, ScriptError};
use std::fmt;

/// A token, and where it starts.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token<'t> {
    pub(super) place: Place,
    pub(super) kind: TokenKind<'t>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind<'t> {
    /// A name or a word of the language.
    Word(&'t str),
    /// A whole number with the unit behind it: `64KiB`, `500us`, `3`.
    Number { value: u64, unit: &'t str },
    /// A sign: `=`, `.`, `,`, `{`, `}`, `<=`, `>=`.
    Sign(&'t str),
    /// The end of a statement: a line's end or a semicolon.
    End,
    /// The end of the script.
    Finish,
}

impl fmt::Display for TokenKind<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TokenKind::Word(text) | TokenKind::Sign(text) => write!(f, "`{text}`"),
            TokenKind::Number { value, unit } => write!(f, "`{value}{unit}`"),
            TokenKind::End => f.write_str("the end of the statement"),
            TokenKind::Finish => f.write_str("the end of the script"),
        }
    }
}

const SIGNS: [&str; 7] = ["<=", ">=", "=", ".", ",", "{", "}"];

/// All tokens of `text`, [`TokenKind::Finish`] at the end.
pub(super) fn tokens(text: &str) -> Result<Vec<Token<'_>>, ScriptError> {
    let mut tokens = Vec::new();
    let mut last = Place { line: 1, column: 1 };
    for (line, number) in text.lines().zip(1..) {
        let end = line.find('#').unwrap_or(line.len());
        cut(&line[..end], number, &mut tokens)?;
        last = Place { line: number, column: line.chars().count() as u32 + 1 };
        tokens.push(Token { place: last, kind: TokenKind::End });
    }
    tokens.push(Token { place: last, kind: TokenKind::Finish });
    Ok(tokens)
}

/// The tokens of one line without its comment.
fn cut<'t>(line: &'t str, number: u32, tokens: &mut Vec<Token<'t>>) -> Result<(), ScriptError> {
    let mut rest = line.trim_start();
    while !rest.is_empty() {
        let column = line[..line.len() - rest.len()].chars().count() as u32 + 1;
        let place = Place { line: number, column };
        let (kind, length) = first(rest, place)?;
        tokens.push(Token { place, kind });
        rest = rest[length..].trim_start();
    }
    Ok(())
}

/// The token that `text` starts with, and its length in bytes.
fn first(text: &str, place: Place) -> Result<(TokenKind<'_>, usize), ScriptError> {
    let start = text.chars().next().unwrap_or_default();
    if start == ';' {
        return Ok((TokenKind::End, 1));
    }
    if let Some(sign) = SIGNS.into_iter().find(|sign| text.starts_with(sign)) {
        return Ok((TokenKind::Sign(sign), sign.len()));
    }
    let word = &text[..text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len())];
    match start {
        '0'..='9' => Ok((number(word, place)?, word.len())),
        _ if word.is_empty() => Err(ScriptError::mistake(place, format!("`{start}` has no meaning here"))),
        _ => Ok((TokenKind::Word(word), word.len())),
    }
}

/// A number with its unit.
fn number(word: &str, place: Place) -> Result<TokenKind<'_>, ScriptError> {
    let end = word.find(|c: char| !c.is_ascii_digit() && c != '_').unwrap_or(word.len());
    let (digits, unit) = word.split_at(end);
    match digits.replace('_', "").parse() {
        Ok(value) => Ok(TokenKind::Number { value, unit }),
        Err(_) => Err(ScriptError::mistake(place, format!("`{digits}` does not fit 64 bits"))),
    }
}

#[cfg(test)]
mod tests {
    use super::{TokenKind, tokens};

    #[test]
    fn a_script_is_cut_into_words_numbers_and_signs() {
        let cut = tokens("a.0 = node 2; step 5us # and\n  x<=1_000KiB").expect("no mistake");
        let texts: Vec<_> = cut.iter().map(|token| format!("{} {}", token.place, token.kind)).collect();
        let expected = [
            "1:1 `a`",
            "1:2 `.`",
            "1:3 `0`",
            "1:5 `=`",
            "1:7 `node`",
            "1:12 `2`",
            "1:13 the end of the statement",
            "1:15 `step`",
            "1:20 `5us`",
            "1:29 the end of the statement",
            "2:3 `x`",
            "2:4 `<=`",
            "2:6 `1000KiB`",
            "2:14 the end of the statement",
            "2:14 the end of the script",
        ];
        assert_eq!(texts, expected);
        assert_eq!(tokens("").expect("no mistake").last().map(|token| token.kind), Some(TokenKind::Finish));
    }

    #[test]
    fn signs_that_there_are_not_have_their_place() {
        assert_eq!(tokens("a = b\n  ä + 1").expect_err("a plus").to_string(), "2:5: `+` has no meaning here");
        let large = tokens("step 99999999999999999999").expect_err("a large number");
        assert_eq!(large.to_string(), "1:6: `99999999999999999999` does not fit 64 bits");
    }
}
