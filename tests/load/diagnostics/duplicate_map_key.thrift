const map<string, i32> SIZES = {
  "small": 1,
  "large": 2,
  "small": 3,
}
