//! Names, literals, texts with placeholders, and conditions.

use std::net::IpAddr;

use crate::policy::span::Span;

/// A name as written: `ip`, `travel.speed_min`, `stuffing.fan_out`. Never empty; dots stand only
/// between identifiers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Name {
    /// The whole name, dots included.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// A quoted text in which braces mean nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Text {
    /// The text with its escapes resolved, without the quotes.
    pub value: String,
    /// Where it stands, quotes included.
    pub span: Span,
}

/// A quoted text with placeholders: `"{users_failing_per_ip} accounts failed from {ip}"`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Template {
    /// Texts and placeholders in order; no two texts are neighbours, no text is empty.
    pub parts: Vec<TemplatePart>,
    /// Where it stands, quotes included.
    pub span: Span,
}

/// One stretch of a [`Template`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TemplatePart {
    /// Text as it will be shown: escapes resolved, `{{` and `}}` made single.
    Text(String),
    /// A placeholder; the span of the name is inside the braces. In a reason it names a signal, a
    /// window, a list's attribute (`burned_device.since`); in a test's event only `n` has a meaning.
    Placeholder(Name),
}

/// A condition or a number: whatever may stand after `when`, `where`, `unless` or `signal … =`.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// From its first to its last token; parentheses around it are not part of it.
    pub span: Span,
}

/// What an [`Expr`] is.
///
/// Precedence, loosest first: `or`, `and`, `not`, comparisons with `in` and `is`, `+ -`, `* /`,
/// negation. Recursion over a tree is safe: parentheses, `not`, minus signs and operators in a row nest
/// at most [`DEPTH_MAX`](crate::policy::limits::DEPTH_MAX) deep.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// A signal, window, list, field or enum value; the parser cannot tell which.
    Name(Name),
    /// A constant; its span is that of the expression.
    Literal(Literal),
    /// `a or b or c`: two or more, none of them an `Or` that was written without parentheses.
    Or(Vec<Expr>),
    /// `a and b and c`: two or more, none of them an `And` that was written without parentheses.
    And(Vec<Expr>),
    /// `not a`
    Not(Box<Expr>),
    /// `a >= b`; comparisons do not chain.
    Compare {
        /// Which comparison.
        op: CompareOp,
        /// Where the operator stands.
        op_span: Span,
        /// Left of the operator.
        left: Box<Expr>,
        /// Right of the operator.
        right: Box<Expr>,
    },
    /// `a + b`, to the left: `a - b - c` is `(a - b) - c`; or `chance(a, b)`.
    Arithmetic {
        /// Which operation.
        op: ArithmeticOp,
        /// Where the operator stands.
        op_span: Span,
        /// Left of the operator.
        left: Box<Expr>,
        /// Right of the operator.
        right: Box<Expr>,
    },
    /// `-a`; in front of a literal number it is kept too, so literals are never negative.
    Negate(Box<Expr>),
    /// `ip in corp_egress`, `country not in [GB, FR]`
    In {
        /// What is looked for.
        item: Box<Expr>,
        /// Written `not in`.
        negated: bool,
        /// Where `in` or `not in` stands.
        op_span: Span,
        /// Where it is looked for.
        set: Set,
    },
    /// `credential is wrong`, `method is not sms`
    Is {
        /// What is looked at.
        subject: Box<Expr>,
        /// Written `is not`.
        negated: bool,
        /// Where `is` or `is not` stands.
        op_span: Span,
        /// The value, by the name that the schema gives it.
        value: Name,
    },
    /// `unknown(travel)`: true when the signal has no value, never itself unknown. The name may be
    /// that of a family (`travel`), for which it means any of them.
    Unknown(Name),
    /// `...`: the other conditions of the rule that this block overrides or shadows. Stands only
    /// as one of the members of the outermost `And` of a `when`, or alone as the whole `when`.
    Rest,
    /// Something unreadable, already reported: stay silent about it.
    Damaged,
}

/// The right-hand side of `in`.
#[derive(Clone, Debug, PartialEq)]
pub enum Set {
    /// The name of a list.
    List(Name),
    /// `[GB, FR]`: names or literals (negated literals too), at least one.
    Inline {
        /// The members in order of writing.
        members: Vec<Expr>,
        /// From bracket to bracket.
        span: Span,
    },
}

impl Set {
    /// Where it stands.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::List(name) => name.span,
            Self::Inline { span, .. } => *span,
        }
    }
}

/// A comparison. Equality is written `=`; `==` means the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CompareOp {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
}

impl CompareOp {
    /// As an analyst writes it.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Greater => ">",
            Self::AtLeast => ">=",
        }
    }
}

/// An operation on two numbers: between them, or, named, before both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ArithmeticOp {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `chance(count, expected)`
    Chance,
}

impl ArithmeticOp {
    /// As an analyst writes it.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Chance => "chance",
        }
    }
}

/// A constant with its unit resolved. Numbers are never negative: a minus is
/// [`ExprKind::Negate`] around them.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// `true`, `false`
    Bool(bool),
    /// `12`
    Int(i64),
    /// `0.75`
    Decimal(f64),
    /// `80%` is 0.8.
    Ratio(f64),
    /// `500ms`, `20s`, `10m`, `24h`, `7d`, `2w`, in milliseconds.
    Duration {
        /// Milliseconds.
        ms: i64,
    },
    /// `300 km`
    Distance {
        /// Kilometres.
        km: f64,
    },
    /// `900 km/h`, or `15 m/s` converted.
    Speed {
        /// Kilometres per hour.
        kmh: f64,
    },
    /// `500.00 EUR`
    Money(Money),
    /// `203.0.113.7`, `2001:db8::1`
    Ip(IpAddr),
    /// `10.0.0.0/8`; `prefix` is at most 32 or 128 and the address has no bits beyond it.
    Cidr {
        /// The first address of the range.
        address: IpAddr,
        /// Leading bits that count.
        prefix: u8,
    },
    /// `AS64500`
    Asn(u32),
    /// `2027-03-31`
    Date(jiff::civil::Date),
    /// `2027-03-31T12:00:00Z`, an offset is required.
    Instant(jiff::Timestamp),
    /// `"laptop"`
    Text(String),
}

/// An exact amount: `500.00 EUR` is 50000 × 10⁻² EUR.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    /// All digits, read as one number.
    pub digits: i64,
    /// How many of the digits stand after the point, as written.
    pub decimals: u32,
    /// Three capital letters; whether ISO 4217 knows them is not yet checked.
    pub currency: String,
}
