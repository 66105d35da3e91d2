enum Colour { RED = 1 }
const Colour C = 7
