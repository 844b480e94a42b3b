"""exchange: resources, grants, the gate through which every register is read, and its log."""
