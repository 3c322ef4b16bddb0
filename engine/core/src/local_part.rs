//! What the part of an e-mail address before its `@` looks like: chosen by a person, or by a program.

/// How many signs make a local part look generated. One alone is found in names: many a surname has six consonants
/// in a row, many a person has a year of birth.
const SIGNS_MIN: u32 = 2;

/// Longer than this is longer than most names (tirreno draws the line here too).
const NAME_CHARS_MAX: u32 = 17;
/// Fewer digits than this are a year.
const DIGITS_MIN: u32 = 5;
/// Consonants in a row that few names have, and that no name has.
const CONSONANTS: [u32; 2] = [6, 8];
/// Changes from letter to digit and back that few people make, and that nobody does.
const CHANGES: [u32; 2] = [3, 5];
/// One vowel in so many letters is too few to be spoken.
const LETTERS_PER_VOWEL: u32 = 7;

/// The share of digits among its letters and digits, what follows a `+` left out; `None` if it has neither.
pub fn digit_share(local_part: &str) -> Option<f64> {
    let shape = Shape::of(local_part);
    let all = shape.letters + shape.digits;
    (all > 0).then(|| f64::from(shape.digits) / f64::from(all))
}

/// Whether it looks as if a program chose it, what follows a `+` left out.
///
/// Random letters are found in one case of three, random letters and digits in two of three, hexadecimal numbers in
/// nine of ten; names with a number behind them are not, however long the number is. Letters beyond ASCII speak for
/// a person. The signs and their numbers are our own.
pub fn generated(local_part: &str) -> bool {
    Shape::of(local_part).signs() >= SIGNS_MIN
}

/// What there is to count.
#[derive(Default)]
struct Shape {
    characters: u32,
    letters: u32,
    vowels: u32,
    digits: u32,
    consonants_now: u32,
    consonants_max: u32,
    /// From letter to digit or back.
    changes: u32,
    /// Two different letters beside each other that are rare on their own.
    rare_pairs: u32,
}

impl Shape {
    fn of(local_part: &str) -> Self {
        let mut shape = Self::default();
        let mut before = ' ';
        for character in local_part.chars().take_while(|character| *character != '+') {
            let character = character.to_ascii_lowercase();
            shape.add(before, character);
            before = character;
        }
        shape
    }

    fn add(&mut self, before: char, character: char) {
        let (letter, digit) = (character.is_alphabetic(), character.is_ascii_digit());
        let vowel = letter
            && (!character.is_ascii() || matches!(character, 'a' | 'e' | 'i' | 'o' | 'u' | 'y'));
        let changes = before.is_alphabetic() && digit || before.is_ascii_digit() && letter;
        let rare_pair = rare(character) && before != character && (rare(before) || before == 'q')
            || before == 'q' && character != 'u';
        self.characters += 1;
        self.letters += u32::from(letter);
        self.digits += u32::from(digit);
        self.vowels += u32::from(vowel);
        self.consonants_now = if letter && !vowel { self.consonants_now + 1 } else { 0 };
        self.consonants_max = self.consonants_max.max(self.consonants_now);
        self.changes += u32::from(changes);
        self.rare_pairs += u32::from(rare_pair);
    }

    fn signs(&self) -> u32 {
        let numbered = self.digits >= DIGITS_MIN && self.digits * 5 >= self.characters * 2;
        let unspoken =
            self.letters >= LETTERS_PER_VOWEL && self.vowels * LETTERS_PER_VOWEL <= self.letters;
        let alone = [self.characters > NAME_CHARS_MAX, numbered, unspoken, self.rare_pairs > 0];
        let consonants = CONSONANTS.map(|row| self.consonants_max >= row);
        let changes = CHANGES.map(|count| self.changes >= count);
        let all = alone.into_iter().chain(consonants).chain(changes);
        all.map(u32::from).sum()
    }
}

fn rare(letter: char) -> bool {
    matches!(letter, 'j' | 'q' | 'v' | 'w' | 'x' | 'z')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_choose_does_not_look_generated() {
        for local_part in [
            "anna.schmidt",
            "maria1987",
            "j.smith",
            "krzysztof.nowak",
            "maximilian.mustermann",
            "info",
            "alexander.schwartzkopff",
            "jean-pierre.dupont",
            "nguyen.van.anh",
            "tschmidt",
            "jwvandijk",
            "svetlana19850412",
            "sk8terboi99",
            "r2d2fan",
            "bernhard.thlmann",
            "hrvoje.krznaric",
            "12345",
            "4915112345678",
            "петров",
            "ana+qx7zk2w9vj4",
            "michael.j.fox.1961",
            "christopher.featherstonehaugh",
        ] {
            assert!(!generated(local_part), "{local_part}");
        }
    }

    #[test]
    fn what_programs_choose_looks_generated() {
        for local_part in [
            "xkqzrtvb",
            "a7f3k9x2",
            "3f2504e04f89",
            "d41d8cd98f00b204e9800998ecf8427e",
            "qx7zk2w9vj4",
            "hjkwprtnbd",
            "u83hd92jf0aq1",
            "XKQZRTVB",
        ] {
            assert!(generated(local_part), "{local_part}");
        }
    }

    #[test]
    fn digits_are_a_share_of_letters_and_digits() {
        let check = |local_part, expected| assert_eq!(digit_share(local_part), expected);
        check("ana", Some(0.0));
        check("ana.1", Some(0.25));
        check("1234", Some(1.0));
        check("a1+234", Some(0.5));
        check("...", None);
        check("+1", None);
        check("", None);
    }
}
