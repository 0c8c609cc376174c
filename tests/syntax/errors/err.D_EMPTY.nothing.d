#! line 2: empty D program translation unit
/* only a comment */
