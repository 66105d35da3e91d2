struct S {
//// 65535 fields
}
