//! `cargo xtask demo-image`

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    needs::Group,
    place::Place,
    setup,
    shell::{Call, Failed, on_path, part},
};

const TAG: &str = "sms-app:1.15.1";

/// Makes an image of the simulated SMS, FROM scratch: the program and the libraries it is linked with.
pub(crate) fn image(place: &Place, arguments: &[String]) -> Result<u8, Failed> {
    let tag = match arguments {
        [] => TAG,
        [tag] => tag,
        _ => return Err(Failed::usage("`demo-image` takes one tag at most.")),
    };
    if cfg!(not(target_os = "linux")) {
        return Err(Failed::new("the image is of a Linux program: call this on Linux."));
    }
    setup::require(&[Group::Build])?;
    if !on_path("docker") {
        setup::require(&[Group::Docker])?;
    }
    part("Build");
    Call::cargo("build")
        .args(["--locked", "--release", "--package", "watchkeeper-demo", "--bin", "sms-demo"])
        .run()?;
    part("Image");
    let program = place.program("release", "sms-demo");
    let folder = place.target.join("demo-image");
    let written = |e: std::io::Error| Failed::new(format!("{} cannot be written: {e}.", folder.display()));
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(written)?;
    }
    let files = folder.join("files");
    fs::create_dir_all(&files).map_err(written)?;
    fs::copy(&program, files.join("sms-demo")).map_err(written)?;
    for library in libraries(&Call::new("ldd").arg(&program).text()?) {
        let inside = files.join(library.strip_prefix("/").unwrap_or(&library));
        fs::create_dir_all(inside.parent().unwrap_or(Path::new("/"))).map_err(written)?;
        fs::copy(&library, inside).map_err(written)?;
    }
    let dockerfile = "FROM scratch\nCOPY files /\nEXPOSE 8000\nENTRYPOINT [\"/sms-demo\"]\n";
    fs::write(folder.join("Dockerfile"), dockerfile).map_err(written)?;
    Call::new("docker").args(["build", "--tag", tag]).arg(&folder).run()?;
    println!("\nTry it:\n  docker run -d --name sms-app --memory 256m -p 127.0.0.1:8080:8000 {tag}");
    Ok(0)
}

/// The files that `ldd` names; the kernel's own has none.
fn libraries(ldd: &str) -> Vec<PathBuf> {
    ldd.split_whitespace().filter(|word| word.starts_with('/')).map(PathBuf::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_are_read_from_ldd() {
        let text = "\tlinux-vdso.so.1 (0x00007ffd)\n\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f1)\n\
                    \t/lib64/ld-linux-x86-64.so.2 (0x00007f2)\n";
        let read = libraries(text);
        assert_eq!(
            read,
            ["/lib/x86_64-linux-gnu/libc.so.6", "/lib64/ld-linux-x86-64.so.2"].map(PathBuf::from)
        );
        assert!(libraries("\tstatically linked\n").is_empty());
    }
}
