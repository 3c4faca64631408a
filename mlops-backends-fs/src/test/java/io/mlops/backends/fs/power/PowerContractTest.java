package io.mlops.backends.fs.power;

import io.mlops.backends.fs.quiet.QuietExtension;

/** Runs the contract of backends on a disk where open files and folders may be moved, as on POSIX. */
@QuietExtension.Warned
final class PowerContractTest extends DiskContract {
    PowerContractTest() {
        super(PowerDisk.Open.MOVES);
    }
}
