"""From records to verified volumes: the only part that reads records, and the only one that uses the engine."""

from sibdsl.measure.measuring import measure, measure_rows
from sibdsl.measure.volumes import Claim, RowStatus, Volume, Volumes

__all__ = ["Claim", "RowStatus", "Volume", "Volumes", "measure", "measure_rows"]
