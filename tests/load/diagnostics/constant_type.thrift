enum Colour { RED, GREEN }
enum Mood { SAD = 7, RED }
struct P { 1: i32 x }
const string TEXT = 1
const i32 NUMBER = "1"
const list<i32> LIST = {1: 2}
const Colour NAME = "GREEN"
const Colour OTHER = Mood.RED
const P KEY = {x: 1}
const string REFERENCE = NUMBERS
const list<i32> NUMBERS = [1, 2.5]
