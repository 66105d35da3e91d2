const uuid ID = "0123"
