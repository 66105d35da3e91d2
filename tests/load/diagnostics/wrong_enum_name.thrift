enum Colour { RED }
enum Size { LARGE }
const Size S = Colour.LARGE
