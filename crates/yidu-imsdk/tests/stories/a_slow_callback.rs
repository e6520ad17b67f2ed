//! A callback that does not return costs bounded memory and loses no answer.

use std::process::Command;

use crate::person::compiled;

#[test]
fn too_many_calls_are_refused_and_what_was_accepted_is_answered() {
    let output = Command::new(compiled("slow.c")).arg("1400000001").output().unwrap();
    assert!(output.status.success(), "{}: {}", output.status, String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "100000 100000\n");
}
