/* line 2: probe description nosuch:::probe does not match any probes */
nosuch:::probe { }
