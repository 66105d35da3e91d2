service A { void f(), void g() }
service B extends A { void h() }
service C extends B {}
