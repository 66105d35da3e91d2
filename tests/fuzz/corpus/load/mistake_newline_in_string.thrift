const string A = "one
two"
const string B = 'three'
