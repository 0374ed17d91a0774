"""The vocabulary of concepts: what a number can be of (FACTS, the published table of names)."""

from __future__ import annotations

CONCEPTS: tuple[str, ...] = (
    "income.total", "income.current_year", "income.fiscal_appropriation", "income.general_public_budget",
    "income.government_fund", "income.state_capital", "income.special_account", "income.business",
    "income.business_operating", "income.superior_subsidy", "income.affiliate_remittance", "income.other", "income.carryover",
    "expenditure.total", "expenditure.current_year", "expenditure.basic", "expenditure.project", "expenditure.personnel",
    "expenditure.public", "expenditure.function", "expenditure.economic", "expenditure.carry_forward",
    "three_public.total", "three_public.abroad", "three_public.vehicle", "three_public.vehicle_purchase",
    "three_public.vehicle_operation", "three_public.reception", "three_public.trips", "three_public.travellers",
    "operating.total", "operating.item",
    "procurement.total", "procurement.goods", "procurement.works", "procurement.services",
    "assets.vehicles", "assets.vehicles_planned", "assets.equipment", "assets.fixed_total",
    "organisation.departments", "organisation.subordinates",
    "staff.establishment", "staff.actual", "staff.change",
    "performance.projects", "performance.covered_amount", "performance.project_budget",
    "indicator.target", "indicator.weight", "indicator.score", "indicator.rate", "indicator.actual",
    "evaluation.score", "evaluation.execution_rate",
    "other",
)  # fmt: skip
