def present():
    pass


def absent():
    pass


run(present, absent)
