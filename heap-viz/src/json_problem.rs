//! What is wrong with a line of JSON, in words.

/// What a JSON error says, without the place: it knows only the place within the line.
pub(crate) fn json_problem(error: &serde_json::Error) -> String {
    if error.is_eof() {
        return "the line is cut off".into();
    }
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).into()
}
