//! x
use watchkeeper_core::config::*;
fn main(){ println!("{}", Config::template(&Draft{url:Some("http://nas.local:8080".into()),..Draft::default()})); println!("{}", reference());
 print!("{}", watchkeeper_core::plan::Plan::standard().to_toml());
 for e in ["[watch]\nevry = \"30s\"\n[release]\nversion=\"latest\"\nurl=1","x=","[rules]\nmatrix.memory_percnt=1\nfoo=1"] { println!("{}", Config::parse(e).unwrap_err()); } 
 let t=std::time::Instant::now(); for _ in 0..100 { let _=Config::parse("");} println!("{:?}", t.elapsed()/100);}
