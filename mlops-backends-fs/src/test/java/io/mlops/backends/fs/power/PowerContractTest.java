package io.mlops.backends.fs.power;

import io.mlops.backends.fs.quiet.QuietExtension;

/** All suites where open files and folders move, as on POSIX. */
@QuietExtension.Warned
final class PowerContractTest extends DiskContract {
    PowerContractTest() {
        super(PowerDisk.Open.MOVES);
    }
}
