"""A lab on one machine: its folders, secrets and ports, and the processes that it is made of."""
