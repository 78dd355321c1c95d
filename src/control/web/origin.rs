/// Hydra's own page.
const HYDRA: &str = "https://hydra.ojack.xyz";

/// Whether a caller may come in. Programs say no origin; a web page says its own, and may only be one of this machine, Hydra's, or
/// one that the performer named: no other page that happens to be open shall play the show.
pub(super) fn is_allowed(origin: Option<&str>, named: &[String]) -> bool {
    let Some(origin) = origin else {
        return true;
    };
    is_local(origin) || origin == HYDRA || named.iter().any(|named| named == origin)
}

fn is_local(origin: &str) -> bool {
    let host = ["http://", "https://"]
        .iter()
        .find_map(|scheme| origin.strip_prefix(scheme));
    let (host, port) = match host {
        Some("[::1]") => return true,
        Some(host) => host.rsplit_once(':').unwrap_or((host, "0")),
        None => return false,
    };
    ["localhost", "127.0.0.1", "[::1]"].contains(&host) && port.parse::<u16>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_pages_come_in() {
        let named = ["https://stage.example".to_owned()];
        for origin in [
            "http://localhost",
            "https://localhost:3000",
            "http://127.0.0.1:8000",
            "http://[::1]",
            "http://[::1]:5000",
            HYDRA,
            "https://stage.example",
        ] {
            assert!(is_allowed(Some(origin), &named), "{origin}");
        }
        assert!(is_allowed(None, &[]));
        for origin in [
            "null",
            "",
            "https://evil.example",
            "http://hydra.ojack.xyz",
            "https://hydra.ojack.xyz.evil.example",
            "http://localhost.evil.example",
            "http://localhost:80@evil.example",
            "http://evil.example:80",
            "ftp://localhost",
        ] {
            assert!(!is_allowed(Some(origin), &named), "{origin}");
        }
    }
}
