/* line 2: provider name may not end with a digit: app1 */
provider app1 { probe start(); };
BEGIN { }
