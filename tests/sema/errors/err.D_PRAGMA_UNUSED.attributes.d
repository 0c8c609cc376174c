/* line 2: unused #pragma attributes */
#pragma D attributes Stable/Stable/Common nothing
BEGIN { }
