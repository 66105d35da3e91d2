enum Colour {
  RED = 1,
  GREEN,
  RED = 3,
}
