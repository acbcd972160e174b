//! Numbers with their units.

use super::Lower;
use super::values::broken;
use crate::syntax::ast::{Expr, ExprKind, Number};
use crate::syntax::errors;
use crate::syntax::pairs::Node;

impl Lower<'_> {
    pub(super) fn number(&mut self, node: Node<'_>) -> Expr {
        let span = self.span(node);
        let written = node.as_str();
        let (digits, unit) = written.split_at(digits_end(written.as_bytes()));
        let is_unit = unit == "%" || unit.bytes().all(|it| it.is_ascii_alphabetic());
        let zeros = digits.trim_start_matches('-').as_bytes();
        let leading_zero = zeros.len() > 1 && zeros[0] == b'0' && zeros[1].is_ascii_digit();
        if leading_zero {
            self.push(errors::leading_zero(span, digits, unit));
            return broken(span);
        }
        if !is_unit {
            self.push(errors::unit(span, digits, unit));
            return broken(span);
        }
        let number = Number { digits: digits.to_owned(), unit: unit.to_owned() };
        Expr { kind: ExprKind::Number(number), span }
    }
}

/// Where sign, digits, fraction and exponent end.
fn digits_end(text: &[u8]) -> usize {
    let digits = |from: usize| text[from..].iter().take_while(|it| it.is_ascii_digit()).count();
    let is = |at: usize, of: &[u8]| text.get(at).is_some_and(|it| of.contains(it));
    let mut end = usize::from(is(0, b"-"));
    end += digits(end);
    if is(end, b".") && digits(end + 1) > 0 {
        end += 1 + digits(end + 1);
    }
    let sign = usize::from(is(end + 1, b"+-"));
    if is(end, b"eE") && end + 1 + sign <= text.len() && digits(end + 1 + sign) > 0 {
        end += 1 + sign + digits(end + 1 + sign);
    }
    end
}
