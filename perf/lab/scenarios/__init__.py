"""What is measured. Each scenario has the name that its target has: S1, S2, R1 …"""
