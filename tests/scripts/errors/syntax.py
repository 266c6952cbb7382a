print("a script with a syntax error runs nothing")
x = (1 +
