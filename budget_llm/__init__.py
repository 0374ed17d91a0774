"""Checked facts from Chinese departmental disclosures (部门预算, 部门决算, 绩效自评)."""
