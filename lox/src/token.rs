//! Words of a program.

/// A word of a program, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Token<'src> {
    pub(crate) kind: TokenKind,
    /// Its text.
    pub(crate) text: &'src str,
    /// The line it ends in, from 1.
    pub(crate) line: u32,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    LeftParen,
    RightParen,
    LeftBrace,
    RightBrace,
    Comma,
    Dot,
    Minus,
    Plus,
    Semicolon,
    Slash,
    Star,
    Bang,
    BangEqual,
    Equal,
    EqualEqual,
    Greater,
    GreaterEqual,
    Less,
    LessEqual,
    Identifier,
    String,
    Number,
    And,
    Class,
    Else,
    False,
    For,
    Fun,
    If,
    Nil,
    Or,
    Print,
    Return,
    Super,
    This,
    True,
    Var,
    While,
    /// No word of the language, and what is wrong with it.
    Error(&'static str),
    /// The end of the program.
    End,
}

impl TokenKind {
    /// What a word made of letters is: a keyword or a name.
    pub(crate) fn of_word(word: &str) -> TokenKind {
        match word {
            "and" => TokenKind::And,
            "class" => TokenKind::Class,
            "else" => TokenKind::Else,
            "false" => TokenKind::False,
            "for" => TokenKind::For,
            "fun" => TokenKind::Fun,
            "if" => TokenKind::If,
            "nil" => TokenKind::Nil,
            "or" => TokenKind::Or,
            "print" => TokenKind::Print,
            "return" => TokenKind::Return,
            "super" => TokenKind::Super,
            "this" => TokenKind::This,
            "true" => TokenKind::True,
            "var" => TokenKind::Var,
            "while" => TokenKind::While,
            _ => TokenKind::Identifier,
        }
    }

    /// Whether a statement starts here: where the compiler goes on after an error.
    pub(crate) fn starts_statement(self) -> bool {
        use TokenKind::{Class, For, Fun, If, Print, Return, Var, While};
        matches!(self, Class | Fun | Var | For | If | While | Print | Return)
    }
}
