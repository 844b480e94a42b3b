"""Operations of sharing: what is held on oneself and who looked, and what offices ask of each other."""
