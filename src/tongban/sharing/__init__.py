"""Sharing 数据共享: who asks for which data, who objects, what is wrong, and what each person may know of it."""
