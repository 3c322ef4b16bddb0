//! How much memory the state may take, as operators write it: `2 GiB`.

use bytesize::ByteSize;
use doorward_core::store::{BUDGET_BYTES_DEFAULT, BUDGET_BYTES_MIN, Budget};

use super::ConfigError;

/// The budget from what is set; one tenant may take everything unless told otherwise.
pub(super) fn budget(
    memory: Option<ByteSize>,
    tenant_memory: Option<ByteSize>,
) -> Result<Budget, ConfigError> {
    let bytes = match memory {
        None => BUDGET_BYTES_DEFAULT,
        Some(said) => checked("memory", said, None)?,
    };
    let tenant_bytes = match tenant_memory {
        None => bytes,
        Some(said) => checked("tenant_memory", said, Some(bytes))?,
    };
    Ok(Budget { bytes, tenant_bytes })
}

fn checked(
    setting: &'static str,
    said: ByteSize,
    most: Option<usize>,
) -> Result<usize, ConfigError> {
    let bytes = usize::try_from(said.as_u64()).unwrap_or(usize::MAX);
    if (BUDGET_BYTES_MIN..=most.unwrap_or(usize::MAX)).contains(&bytes) {
        return Ok(bytes);
    }
    let size = |bytes: usize| ByteSize::b(u64::try_from(bytes).unwrap_or(u64::MAX));
    Err(ConfigError::Memory { setting, said, least: size(BUDGET_BYTES_MIN), most: most.map(size) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(memory: &str, tenant_memory: Option<&str>, expected: Result<(usize, usize), &str>) {
        let size = |text: &str| text.parse::<ByteSize>().unwrap();
        let budget = budget(Some(size(memory)), tenant_memory.map(size));
        let budget = budget.map(|budget| (budget.bytes, budget.tenant_bytes));
        assert_eq!(budget.map_err(|error| error.to_string()), expected.map_err(str::to_owned));
    }

    #[test]
    fn a_tenant_may_take_everything_or_a_part() {
        check("3 GiB", None, Ok((3 << 30, 3 << 30)));
        check("64MiB", Some("16 MiB"), Ok((64 << 20, 16 << 20)));
    }

    #[test]
    fn refuses_what_makes_no_sense() {
        check("100 KiB", None, Err("`memory` is 100.0 KiB; it takes at least 1.0 MiB"));
        check(
            "64 MiB",
            Some("1 GiB"),
            Err(
                "`tenant_memory` is 1.0 GiB; it takes at least 1.0 MiB and at most the 64.0 MiB that all may take",
            ),
        );
    }
}
