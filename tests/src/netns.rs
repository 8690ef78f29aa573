//! A PC, a router and a NAS on a network of the test's own, in network namespaces: cables are pulled and packets dropped for
//! real, and the machine's own network does not notice. Linux and root.

use std::{
    fs,
    future::Future,
    path::Path,
    process::Command,
    sync::atomic::{AtomicU32, Ordering},
    thread,
};

use crate::dockerd::{path_with_sbin, possible};

/// How the names of the namespaces begin; the number of the test's process follows.
const PREFIX: &str = "wk-net-";
/// Where `ip netns` keeps them.
const NAMESPACES: &str = "/run/netns";

static COUNT: AtomicU32 = AtomicU32::new(0);

/// The network. Dropped, it is gone.
pub struct Lan {
    name: String,
}

/// Makes such a network and stands `test` on its PC: what it connects to and what it starts is there. Where this machine
/// cannot, that is said on stderr.
///
/// # Panics
/// With the test; or where the network cannot be made.
pub fn on_the_pc<F: Future<Output = ()>>(test: impl FnOnce(Lan) -> F + Send + 'static) {
    let lan = match possible(&["dockerd", "docker", "ip", "nft", "nsenter", "ss"]) {
        Ok(true) => Lan::make(),
        Ok(false) => return,
        Err(why) => Err(why),
    };
    // A thread's network is its own, and its children's.
    let standing = thread::spawn(move || {
        let lan = lan?;
        lan.enter_pc()?;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        runtime.map_err(|e| format!("no runtime: {e}"))?.block_on(test(lan));
        Ok::<(), String>(())
    });
    match standing.join() {
        Ok(Ok(())) => {}
        Ok(Err(why)) => std::panic::resume_unwind(Box::new(why)),
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

impl Lan {
    // From 198.18.0.0/15, which RFC 2544 sets aside for tests.
    /// The NAS's address.
    pub const NAS: &str = "198.18.0.10";
    /// An address of the router's at which connections are refused: it answers as long as the network is there.
    pub const ROUTER: &str = "198.18.0.1:9";

    fn make() -> Result<Self, String> {
        clear_away();
        let name = format!("{PREFIX}{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let lan = Self { name };
        let (pc, router, nas) = (lan.namespace("pc"), lan.namespace("router"), lan.nas_namespace());
        for namespace in [&pc, &router, &nas] {
            ip(&["netns", "add", namespace])?;
            ip(&["-n", namespace, "link", "set", "lo", "up"])?;
        }
        ip(&["-n", &router, "link", "add", "lan", "type", "bridge"])?;
        ip(&["-n", &router, "addr", "add", "198.18.0.1/24", "dev", "lan"])?;
        ip(&["-n", &router, "link", "set", "lan", "up"])?;
        for (port, namespace, address) in [("pc", &pc, "198.18.0.2"), ("nas", &nas, Self::NAS)] {
            ip(&[
                "-n", &router, "link", "add", port, "type", "veth", "peer", "name", "eth0", "netns",
                namespace,
            ])?;
            ip(&["-n", &router, "link", "set", port, "master", "lan", "up"])?;
            ip(&["-n", namespace, "addr", "add", &format!("{address}/24"), "dev", "eth0"])?;
        }
        lan.plug_in_nas()?;
        lan.plug_in_pc()?;
        Ok(lan)
    }

    /// The namespace of the NAS, as `ip netns` knows it.
    pub fn nas_namespace(&self) -> String {
        self.namespace("nas")
    }

    /// The PC's cable is pulled: it has no way to anywhere.
    ///
    /// # Errors
    /// What `ip` said.
    pub fn unplug_pc(&self) -> Result<(), String> {
        ip(&["-n", &self.namespace("pc"), "link", "set", "eth0", "down"])
    }
    /// It is plugged in again.
    ///
    /// # Errors
    /// What `ip` said.
    pub fn plug_in_pc(&self) -> Result<(), String> {
        let pc = self.namespace("pc");
        ip(&["-n", &pc, "link", "set", "eth0", "up"])?;
        ip(&["-n", &pc, "route", "replace", "default", "via", "198.18.0.1"])
    }
    /// The router, which is the switch as well, is switched off: the PC has its address still, and nobody answers.
    ///
    /// # Errors
    /// What `ip` said.
    pub fn switch_router_off(&self) -> Result<(), String> {
        ip(&["-n", &self.namespace("router"), "link", "set", "lan", "down"])
    }
    /// It is switched on again.
    ///
    /// # Errors
    /// What `ip` said.
    pub fn switch_router_on(&self) -> Result<(), String> {
        ip(&["-n", &self.namespace("router"), "link", "set", "lan", "up"])
    }
    /// The NAS's cable is pulled, or the NAS is off: it does not answer to its address.
    ///
    /// # Errors
    /// What `ip` said.
    pub fn unplug_nas(&self) -> Result<(), String> {
        ip(&["-n", &self.nas_namespace(), "link", "set", "eth0", "down"])
    }
    /// It is plugged in again.
    ///
    /// # Errors
    /// What `ip` said.
    pub fn plug_in_nas(&self) -> Result<(), String> {
        ip(&["-n", &self.nas_namespace(), "link", "set", "eth0", "up"])
    }

    /// Every packet to and from the NAS is dropped from now on, in the middle of whatever there is: no connection ends.
    ///
    /// # Errors
    /// What `nft` said.
    pub fn drop_packets(&self) -> Result<(), String> {
        self.filter(&["iifname eth0 drop"], &["oifname eth0 drop"])
    }
    /// The packets of the PC's present connections to `port` of the NAS are dropped, as by a firewall that has forgotten
    /// them. New ones work.
    ///
    /// # Errors
    /// What `ss` or `nft` said; there are none.
    pub fn forget_connections(&self, port: u16) -> Result<(), String> {
        let pc = format!("--net={NAMESPACES}/{}", self.namespace("pc"));
        let to = format!("{}:{port}", Self::NAS);
        let open = run("nsenter", &[&pc, "ss", "-tnH", "state", "established", "dst", &to])?;
        let own = |line: &str| line.split_whitespace().nth(2)?.rsplit_once(':').map(|(_, p)| p.to_owned());
        let ports: Vec<String> = open.lines().filter_map(own).collect();
        if ports.is_empty() {
            return Err(format!("there is no connection to {to}: {open:?}"));
        }
        let ports = ports.join(", ");
        self.filter(&[&format!("tcp sport {{ {ports} }} drop")], &[&format!("tcp dport {{ {ports} }} drop")])
    }
    /// A firewall turns everything away that comes for `port`, and says so.
    ///
    /// # Errors
    /// What `nft` said.
    pub fn reject(&self, port: u16) -> Result<(), String> {
        self.filter(&[&format!("iifname eth0 tcp dport {port} reject with icmpx admin-prohibited")], &[])
    }
    /// No packet is dropped or turned away any more.
    ///
    /// # Errors
    /// What `nft` said.
    pub fn heal(&self) -> Result<(), String> {
        self.filter(&[], &[])
    }

    fn filter(&self, coming: &[&str], going: &[&str]) -> Result<(), String> {
        let chain = |hook: &str, rules: &[&str]| {
            let rules: String = rules.iter().map(|rule| format!("{rule}; ")).collect();
            format!("chain {hook} {{ type filter hook {hook} priority 0; policy accept; {rules}}}")
        };
        let (input, output) = (chain("input", coming), chain("output", going));
        // One step: what was there is replaced.
        let rules = format!(
            "add table inet faults; delete table inet faults; table inet faults {{ {input}; {output}; }}"
        );
        let nas = format!("--net={NAMESPACES}/{}", self.nas_namespace());
        run("nsenter", &[&nas, "nft", &rules]).map(|_| ())
    }

    fn namespace(&self, of: &str) -> String {
        format!("{}-{of}", self.name)
    }

    /// From now on this thread is on the PC.
    #[cfg(target_os = "linux")]
    fn enter_pc(&self) -> Result<(), String> {
        use std::os::fd::AsFd;

        use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

        let path = Path::new(NAMESPACES).join(self.namespace("pc"));
        let file = fs::File::open(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        move_into_link_name_space(file.as_fd(), Some(LinkNameSpaceType::Network))
            .map_err(|e| format!("{}: {e}", path.display()))
    }

    #[cfg(not(target_os = "linux"))]
    fn enter_pc(&self) -> Result<(), String> {
        Err("network namespaces are Linux's".into())
    }
}

impl Drop for Lan {
    fn drop(&mut self) {
        for of in ["pc", "router", "nas"] {
            let _ = ip(&["netns", "delete", &self.namespace(of)]);
        }
    }
}

/// Deletes the namespaces whose test is gone.
fn clear_away() {
    let Ok(entries) = fs::read_dir(NAMESPACES) else { return };
    for name in entries.flatten().map(|e| e.file_name().to_string_lossy().into_owned()) {
        let owner = name.strip_prefix(PREFIX).and_then(|rest| rest.split('-').next()?.parse::<u32>().ok());
        if owner.is_some_and(|owner| !Path::new("/proc").join(owner.to_string()).exists()) {
            eprintln!("An earlier test was killed; its network namespace {name} is deleted.");
            let _ = ip(&["netns", "delete", &name]);
        }
    }
}

fn ip(arguments: &[&str]) -> Result<(), String> {
    run("ip", arguments).map(|_| ())
}

fn run(program: &str, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new(program)
        .env("PATH", path_with_sbin())
        .args(arguments)
        .output()
        .map_err(|e| format!("{program} could not be started: {e}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(format!("{program} {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr).trim()))
}
