//! `AVG`: contiguous blocks, the default (`AllocateMessageQueueAveragely`).
