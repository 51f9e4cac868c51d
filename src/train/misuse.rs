//! Mistakes in the order of calls, told at the line of the caller.

use super::Training;

impl Training {
    #[track_caller]
    pub(super) fn assert_looked(&mut self) {
        if let (false, Some((_, path))) = (self.looked, &self.save) {
            assert!(
                !path.exists(),
                "downhill: there is a saved run in {}, and this one would overwrite it: call `Training::begin`, which goes on \
                 from it, or remove the file",
                path.display()
            );
        }
        self.looked = true;
    }

    #[track_caller]
    pub(super) fn assert_within(&self, what: &str) {
        assert!(
            self.counts.within,
            "downhill: an epoch was to be {what}, and none is under way: begin each with `epoch`, and end it once"
        );
    }

    #[track_caller]
    pub(super) fn assert_stepped(&self) {
        self.assert_within("ended");
        assert!(
            self.counts.steps_of_epoch > 0,
            "downhill: epoch {} was to be ended without a step in it: there were no batches, or a resumed run began with batches \
             at their end; put their `progress()` into the state after the loop over them as well",
            self.counts.epoch
        );
    }
}
