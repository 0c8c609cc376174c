#! text
#! level: function
#! probe identifier 12 not permitted when specifying functions
12