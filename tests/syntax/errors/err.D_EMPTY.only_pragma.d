#! line 2: empty D program translation unit
#pragma D option quiet
