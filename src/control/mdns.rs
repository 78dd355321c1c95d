use std::net::SocketAddr;

use mdns_sd::{IfKind, ServiceDaemon, ServiceInfo};

/// What the instance is called in lists of services.
const NAME: &str = "Afterimage";

/// What other machines find: OSCQuery and OSC by multicast DNS.
pub(super) struct Announcement {
    daemon: ServiceDaemon,
    names: Vec<String>,
}

impl std::fmt::Debug for Announcement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(&self.names).finish()
    }
}

/// Announces ports that other machines can reach; none where there are none, or the network has no multicast.
pub(super) fn announce(udp: &[SocketAddr], web: Option<SocketAddr>) -> Option<Announcement> {
    let osc = udp.iter().map(|address| ("_osc._udp.local.", address));
    let query = web.iter().map(|address| ("_oscjson._tcp.local.", address));
    let reachable = osc.chain(query);
    let reachable: Vec<_> = reachable
        .filter(|(_, address)| !address.ip().is_loopback())
        .collect();
    if reachable.is_empty() {
        return None;
    }
    let tell = |error| log::warn!("other machines cannot find this one by itself: {error}");
    let daemon = ServiceDaemon::new().map_err(tell).ok()?;
    if reachable.iter().all(|(_, address)| address.is_ipv4()) {
        daemon.disable_interface(IfKind::IPv6).map_err(tell).ok()?;
    }
    let names = reachable.iter().filter_map(|(service, address)| {
        let registered = register(&daemon, service, address);
        registered.map_err(tell).ok()
    });
    let names = names.collect();
    Some(Announcement { daemon, names })
}

fn register(
    daemon: &ServiceDaemon,
    service: &str,
    address: &SocketAddr,
) -> Result<String, mdns_sd::Error> {
    // Two programs on one machine, or two machines, must have different names.
    let (name, host) = (
        format!("{NAME} {}", std::process::id()),
        format!("afterimage-{}.local.", std::process::id()),
    );
    let (ip, port) = (address.ip(), address.port());
    let info = if ip.is_unspecified() {
        ServiceInfo::new(service, &name, &host, "", port, None)?.enable_addr_auto()
    } else {
        ServiceInfo::new(service, &name, &host, ip, port, None)?
    };
    let full_name = info.get_fullname().to_owned();
    daemon.register(info)?;
    Ok(full_name)
}

impl Drop for Announcement {
    fn drop(&mut self) {
        // Nobody waits for the network at the end.
        for name in &self.names {
            let _ = self.daemon.unregister(name);
        }
        let _ = self.daemon.shutdown();
    }
}
