//! Paths that cannot hold a journal, and files that are none.

use std::{fs, path::Path};

use sqlx::Connection;
use watchkeeper_store::{Access, Aside, Store, StoreError};

use crate::fixture::{Home, SESSION, Writer, meddle, readings};

async fn refused(path: &Path, access: Access) -> StoreError {
    Store::open(path, access).await.unwrap_err()
}

#[tokio::test]
async fn any_name_that_the_file_system_takes_will_do() {
    let home = Home::new();
    for name in ["με κενά και ελληνικά", "100%25 #1?mode=ro&x", "a'b;--", "😀", "deep/er/still"]
    {
        let path = home.folder.path().join(name).join("watchkeeper.db");
        let store = Store::open(&path, Access::Write).await.unwrap();
        Writer::whole(&store, SESSION).await;
        store.close().await.unwrap();
        assert!(path.is_file(), "{}", path.display());
        let store = Store::open(&path, Access::ReadOnly).await.unwrap();
        assert_eq!(store.verify(SESSION).await.unwrap().events, 7);
        assert_eq!(store.path(), path);
    }
}

#[tokio::test]
async fn impossible_places_are_told_apart() {
    let home = Home::new();
    let folder = home.folder.path();
    assert!(matches!(refused(folder, Access::Write).await, StoreError::Folder(_)));
    assert!(matches!(refused(folder, Access::ReadOnly).await, StoreError::Folder(_)));
    assert!(matches!(refused(&home.path(), Access::ReadOnly).await, StoreError::Missing(_)));
    assert!(home.files("").is_empty(), "reading makes nothing");
    let file = folder.join("a file");
    fs::write(&file, "x").unwrap();
    let below = refused(&file.join("watchkeeper.db"), Access::Write).await;
    assert!(matches!(below, StoreError::NoAccess { .. }), "{below}");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_folder_that_cannot_be_written_is_said() {
    // Not even root writes here.
    let error = refused(Path::new("/proc/watchkeeper.db"), Access::Write).await;
    assert!(matches!(error, StoreError::NoAccess { .. }), "{error}");
    use std::os::unix::ffi::OsStrExt;
    let path = std::env::temp_dir().join(std::ffi::OsStr::from_bytes(b"\xff.db"));
    assert!(matches!(refused(&path, Access::Write).await, StoreError::PathNotUnicode(_)));
}

#[tokio::test]
async fn another_programs_database_is_refused_and_not_copied() {
    let home = Home::new();
    fs::write(home.path(), "").unwrap();
    let mut connection = meddle(&home.path()).await;
    sqlx::query("CREATE TABLE bookmarks (url)").execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    let before = fs::read(home.path()).unwrap();
    for access in [Access::Write, Access::ReadOnly] {
        assert!(matches!(refused(&home.path(), access).await, StoreError::Foreign(_)));
    }
    assert_eq!(fs::read(home.path()).unwrap(), before);
    assert_eq!(home.files(".damaged"), Vec::<String>::new());
}

type Damage = (&'static str, fn(&mut Vec<u8>));

#[tokio::test]
async fn a_damaged_journal_is_copied_aside_and_refused() {
    let damages: [Damage; 8] = [
        ("not SQLite", |f| *f = b"Dear diary, ".repeat(500)),
        ("its first page overwritten", |f| f[..4_096].fill(0)),
        ("emptied", Vec::clear),
        ("cut after some bytes", |f| f.truncate(60)),
        ("cut after the first page", |f| f.truncate(4_096)),
        ("cut in half", |f| f.truncate(f.len() / 2 / 4_096 * 4_096)),
        ("cut within a page", |f| f.truncate(f.len() - 1_000)),
        ("a page overwritten", |f| {
            let middle = f.len() / 2 / 4_096 * 4_096;
            f[middle..middle + 4_096].fill(0xa5);
        }),
    ];
    for (name, damage) in damages {
        let home = Home::new();
        let store = home.store().await;
        let mut writer = Writer::open(&store, SESSION).await;
        writer.record(&readings(0, 500)).await;
        drop(writer);
        store.close().await.unwrap();
        let mut file = fs::read(home.path()).unwrap();
        damage(&mut file);
        fs::write(home.path(), &file).unwrap();

        let error = refused(&home.path(), Access::ReadOnly).await;
        assert!(matches!(error, StoreError::Damaged { aside: Aside::ReadingOnly, .. }), "{name}: {error}");
        assert_eq!(home.files(".damaged-"), Vec::<String>::new(), "{name}");
        for _ in 0..2 {
            let error = refused(&home.path(), Access::Write).await;
            let StoreError::Damaged { aside: Aside::Copied(copy), .. } = &error else {
                panic!("{name}: {error}")
            };
            assert!(fs::read(copy).unwrap() == file, "{name}: the copy is the file");
            assert!(fs::read(home.path()).unwrap() == file, "{name}: and the file is untouched");
            for told in [home.path(), copy.clone()] {
                assert!(error.to_string().contains(told.to_str().unwrap()), "{name}: {error}");
            }
        }
        let copies = home.files(".damaged-").iter().filter(|f| f.ends_with('Z')).count();
        assert_eq!(copies, 1, "{name}: one copy of one damage");
        // As the advice has it: moved away, a new one begins.
        let aside = tempfile::tempdir().unwrap();
        for file in home.files("") {
            fs::rename(home.folder.path().join(&file), aside.path().join(&file)).unwrap();
        }
        assert_eq!(home.store().await.sessions().await.unwrap(), []);
    }
}

#[tokio::test]
async fn a_damaged_journal_is_copied_with_its_log() {
    let home = Home::new();
    let store = home.store().await;
    let writer = Writer::whole(&store, SESSION).await;
    // As a power cut leaves it: copied while it is open.
    let elsewhere = Home::new();
    let log = fs::read(home.folder.path().join("watchkeeper.db-wal")).unwrap();
    fs::write(elsewhere.path(), vec![7; 8_192]).unwrap();
    fs::write(elsewhere.folder.path().join("watchkeeper.db-wal"), &log).unwrap();
    drop(writer);
    let error = refused(&elsewhere.path(), Access::Write).await;
    let StoreError::Damaged { aside: Aside::Copied(copy), .. } = error else { panic!("{error}") };
    let copied = format!("{}-wal", copy.to_str().unwrap());
    assert!(fs::read(copied).unwrap() == log);
    assert!(fs::read(elsewhere.folder.path().join("watchkeeper.db-wal")).unwrap() == log);

    // The log alone is worth keeping too; SQLite would throw it away.
    fs::remove_file(elsewhere.path()).unwrap();
    assert!(matches!(refused(&elsewhere.path(), Access::Write).await, StoreError::Damaged { .. }));
    assert!(fs::read(elsewhere.folder.path().join("watchkeeper.db-wal")).unwrap() == log);
}

#[tokio::test]
async fn an_empty_file_that_a_first_start_left_is_no_damage() {
    let home = Home::new();
    fs::write(home.path(), "").unwrap();
    assert!(matches!(refused(&home.path(), Access::ReadOnly).await, StoreError::Missing(_)));
    assert_eq!(home.store().await.sessions().await.unwrap(), []);
}
