"""What follows from a case: dispositions, task letters, examinations, reports, recommendations, their settlement."""
