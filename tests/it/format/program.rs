//! Programs out of the word table, written as badly as the grammar lets them be.

use mlopsc::schema::{Attribute, Block, Head, Type, declarations};

/// A simple source of numbers that are the same in each run.
pub struct Numbers(pub u64);

impl Numbers {
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % bound
    }

    pub fn of<'t, T: ?Sized>(&mut self, all: &[&'t T]) -> &'t T {
        all[self.below(all.len())]
    }

    fn chance(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }
}

/// A program and how many of its arguments have to be followed by a comma.
pub struct Written {
    pub text: String,
    pub commas: usize,
}

/// The program of a number.
pub fn program(seed: u64) -> Written {
    let mut cx = Program { out: String::new(), numbers: Numbers(seed), left: 6, commas: 0 };
    if cx.numbers.chance(40) {
        cx.out.push('\u{FEFF}');
    }
    cx.loose();
    for _ in 0..=cx.numbers.below(3) {
        let row = declarations::TOP_LEVEL[cx.numbers.below(declarations::TOP_LEVEL.len())].block;
        match cx.numbers.below(8) {
            0 => cx.template(row),
            1 => cx.condition(row, 2),
            _ => cx.block(row, 3),
        }
        cx.end_of_line();
    }
    Written { text: cx.out, commas: cx.commas }
}

struct Program {
    out: String,
    numbers: Numbers,
    /// How many more statements there may be.
    left: usize,
    commas: usize,
}

impl Program {
    fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn blank(&mut self) {
        let blank = self.numbers.of(&[" ", " ", "  ", "\t", "     "]);
        self.put(blank);
    }

    fn maybe_blank(&mut self) {
        if self.numbers.chance(2) {
            self.blank();
        }
    }

    /// Blanks, line breaks and comments, or nothing at all.
    fn loose(&mut self) {
        self.maybe_blank();
        if self.numbers.chance(2) {
            self.end_of_line();
        }
    }

    /// To the beginning of a later line.
    fn end_of_line(&mut self) {
        let comment = self.numbers.of(&["", "", "", "// why", "//", "// { [ \" ", "/// said  "]);
        self.maybe_blank();
        self.put(comment);
        let line_break = self.numbers.of(&["\n", "\n", "  \n", "\r\n"]);
        self.put(line_break);
        for _ in 0..self.numbers.below(4) {
            let line = self.numbers.of(&["\n", "  \n", "\t\r\n", "// a note\n", "   // in between \n"]);
            self.put(line);
        }
        let margin = self.numbers.of(&["", "", " ", "  ", "    ", "\t", "         "]);
        self.put(margin);
    }

    fn separator(&mut self) {
        if self.out.ends_with("\"\"\"") {
            return self.put("\n");
        }
        let comma = self.numbers.chance(3);
        self.maybe_blank();
        if comma {
            self.put(",");
        }
        if !comma || self.numbers.chance(2) {
            self.end_of_line();
        } else {
            self.maybe_blank();
        }
    }

    fn block(&mut self, row: &Block, depth: usize) {
        self.put(row.word);
        match row.head {
            Head::None => {}
            Head::Name => {
                let title = self.numbers.of(&["", "", "\"A  title\"", "\"{\""]);
                self.blank();
                self.put("name_1");
                self.blank();
                self.put(title);
            }
            Head::Arguments(arguments) => {
                for argument in arguments {
                    self.blank();
                    self.atom(argument.ty);
                }
            }
            Head::Typed => {
                let ty = self.numbers.of(&["string", "[ string ]", "int"]);
                self.blank();
                self.put("name_1");
                self.maybe_blank();
                self.put(":");
                self.maybe_blank();
                self.put(ty);
            }
        }
        self.maybe_blank();
        self.body(row, depth);
    }

    fn body(&mut self, row: &Block, depth: usize) {
        self.put("{");
        self.loose();
        let count = self.numbers.below(5).min(self.left);
        self.left -= count;
        for nth in 0..count {
            self.statement(row, depth);
            if nth + 1 < count || self.out.ends_with("\"\"\"") || self.numbers.chance(2) {
                self.separator();
            } else {
                self.maybe_blank();
            }
        }
        self.put("}");
    }

    fn statement(&mut self, row: &Block, depth: usize) {
        let attributes: Vec<&Attribute> = row.all_attributes().collect();
        let inner = if depth == 0 { &[][..] } else { row.blocks };
        match self.numbers.below(attributes.len() * 2 + inner.len() + 2) {
            0 => self.condition(row, depth.saturating_sub(1)),
            1 => self.repetition(row, depth.saturating_sub(1)),
            at if at < inner.len() + 2 => self.block(inner[at - 2].block, depth - 1),
            at => {
                let attribute = attributes[at % attributes.len()];
                self.attribute(attribute.name, attribute.ty);
            }
        }
    }

    fn attribute(&mut self, name: &str, ty: Type) {
        self.put(name);
        self.maybe_blank();
        self.put("=");
        self.maybe_blank();
        self.value(ty, 2);
    }

    fn condition(&mut self, row: &Block, depth: usize) {
        self.put("if ");
        self.operation(1);
        self.blank();
        self.body(row, depth);
        for word in ["else if ", "else"] {
            if !self.numbers.chance(3) {
                continue;
            }
            if self.numbers.chance(2) {
                self.end_of_line();
            } else {
                self.maybe_blank();
            }
            self.put(word);
            if word == "else if " {
                self.operation(1);
            }
            self.blank();
            self.body(row, depth);
        }
    }

    fn repetition(&mut self, row: &Block, depth: usize) {
        let names = self.numbers.of(&["for x in ", "for  x ,y in\t", "for key,value in "]);
        self.put(names);
        self.list(Type::Name, 1);
        self.blank();
        self.body(row, depth);
    }

    fn template(&mut self, row: &Block) {
        let head = self.numbers.of(&["template t(", "template  t("]);
        self.put(head);
        self.loose();
        for nth in 0..self.numbers.below(4) {
            self.commas += usize::from(nth > 0);
            let parameter = self.numbers.of(&["a: string", "b : [ int ]=[1]", "c:int", "d: string = \"x\""]);
            self.put(parameter);
            self.separator();
        }
        self.put(")");
        self.maybe_blank();
        self.put("{");
        self.loose();
        self.block(row, 2);
        self.separator();
        self.put("}");
    }

    fn value(&mut self, ty: Type, depth: usize) {
        let depth_left = depth.saturating_sub(1);
        match self.numbers.below(if depth == 0 { 8 } else { 16 }) {
            8 => self.list(ty, depth_left),
            9 => self.record(ty, depth_left),
            10 => self.operation(depth_left),
            11 => self.call(ty, depth_left),
            12 => self.choice(ty, depth_left),
            13 => self.text_block(),
            _ => self.atom(ty),
        }
    }

    fn atom(&mut self, ty: Type) {
        let all: &[&str] = match ty {
            Type::Bool | Type::Condition => &["true", "false", "succeeded", "a.b"],
            Type::Int(..) | Type::Number | Type::CountOrPercent => &["1", "-2", "3.5", "1e-9", "25%"],
            Type::Duration(..) | Type::Timeout => &["90s", "20m", "7d", "max"],
            Type::Cpu | Type::Memory | Type::Percent => &["500m", "2Gi", "70%", "2"],
            Type::Range(_) => &["1..5", "1 .. 5", "-3..-1", "250m..500m"],
            Type::Word(words) => words,
            Type::Ref(_) | Type::Dotted => &["api", "a.b.c", "xs[0].name", "xs[ 0 ][a.b].x", "in_use"],
            _ => &[
                "\"\"",
                "\"a  b\"",
                "\"// no comment\"",
                "\"{ ${a.b} }\"",
                "\"a\\\"b\\\\\"",
                "\"é\"",
                "\"$${x}\"",
            ],
        };
        let atom = self.numbers.of(all);
        self.put(atom);
    }

    fn list(&mut self, ty: Type, depth: usize) {
        self.put("[");
        self.loose();
        for _ in 0..self.numbers.below(4) {
            self.value(ty, depth);
            self.separator();
        }
        self.put("]");
    }

    fn record(&mut self, ty: Type, depth: usize) {
        self.put("{");
        self.loose();
        for name in ["a", "\"quoted key\"", "long_name"] {
            if self.numbers.chance(2) {
                self.put(name);
                self.maybe_blank();
                self.put("=");
                self.maybe_blank();
                self.value(ty, depth);
                self.separator();
            }
        }
        self.put("}");
    }

    /// Terms that one word joins, each with at most one comparison.
    fn operation(&mut self, depth: usize) {
        let join = self.numbers.of(&["&&", "||"]);
        self.term(depth);
        for _ in 0..self.numbers.below(3) {
            if self.numbers.chance(2) {
                self.end_of_line();
            } else {
                self.blank();
            }
            self.operator(join);
            self.term(depth);
        }
    }

    fn term(&mut self, depth: usize) {
        if self.numbers.chance(3) {
            self.put("!");
            return self.operand(depth);
        }
        self.operand(depth);
        if self.numbers.chance(2) {
            let comparison = self.numbers.of(&["==", "!=", "<=", ">=", "<", ">", "in", "+", "-", "*"]);
            self.blank();
            self.operator(comparison);
            self.operand(depth);
        }
    }

    fn operator(&mut self, operator: &str) {
        self.put(operator);
        self.blank();
        if self.numbers.chance(4) {
            self.end_of_line();
        }
    }

    fn operand(&mut self, depth: usize) {
        if depth == 0 || self.numbers.chance(2) {
            self.put("a.ready");
            return;
        }
        self.put("(");
        self.maybe_blank();
        self.operation(depth - 1);
        self.maybe_blank();
        self.put(")");
    }

    fn call(&mut self, ty: Type, depth: usize) {
        self.put("latest(");
        self.loose();
        let mut is_first = true;
        let mut may_have_comma = true;
        for _ in 0..self.numbers.below(4) {
            self.commas += usize::from(!is_first && may_have_comma);
            self.value(ty, depth);
            // Nothing may stand behind the end of a block of text.
            may_have_comma = !self.out.ends_with("\"\"\"");
            is_first = false;
            self.separator();
        }
        self.put(")");
    }

    fn choice(&mut self, ty: Type, depth: usize) {
        self.put("if ");
        self.operation(depth);
        self.blank();
        self.put("then ");
        self.atom(ty);
        if self.numbers.chance(2) {
            self.end_of_line();
        } else {
            self.blank();
        }
        self.put("else");
        self.blank();
        self.atom(ty);
    }

    fn text_block(&mut self) {
        let fence = self.numbers.of(&["\"\"\"", "\"\"\"", "\"\"\"\""]);
        let margin = self.numbers.of(&["", "  ", "      ", "\t"]);
        self.put(fence);
        self.put("\n");
        for _ in 0..self.numbers.below(4) {
            let line =
                self.numbers.of(&["", "echo  \"x\" # ${a.b}", "  if (", "// no comment", "}", "trailing  "]);
            let blank = line.is_empty() && self.numbers.chance(2);
            self.put(if blank { "" } else { margin });
            self.put(line);
            self.put("\n");
        }
        self.put(margin);
        self.put(fence);
    }
}
