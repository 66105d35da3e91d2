const map<i32, string> NAMES = {1: partner}
